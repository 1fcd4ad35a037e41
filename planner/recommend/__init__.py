"""Who should take one case, new or moving: eligible officers by cost, and what bars the others.

Worked out against the plan as its workbook stands, with nothing else of it changed. Built upon
``explain``, which prices alternatives for a case that stays.
"""
