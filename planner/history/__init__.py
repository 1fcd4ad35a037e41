"""Plans issued, decisions accepted, duties done and who said so, run by run.

The files under ``runs/`` are the truth: what is accepted is written there first. The database
beside them answers questions, and is built again from them where it is missing or behind.
"""
