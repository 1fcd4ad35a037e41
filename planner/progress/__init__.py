"""Are we on track: what plans promised, what was done, what slipped and why, and the pace.

It goes by plans as issued one after the other, by what people said of their duties, and by what
each next register shows. Nothing here changes a plan or a setting.
"""
