"""Why the plan says what it says of one case: what each other choice would cost, or what bars it.

Everything is worked out against the plan as its workbook stands, perhaps edited by hand, and not
against what the search thought. Words are elsewhere; here are figures and reasons.
"""
