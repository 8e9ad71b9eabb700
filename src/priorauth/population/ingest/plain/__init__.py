"""The fast way: readings that hold nothing but what is usual become rows as columns, without an object each.

Whatever is not plain goes to the one reader of cases. So this room can be slow; what it makes is what the reader makes.
"""
