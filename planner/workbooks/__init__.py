"""The only place that reads or writes spreadsheets: the register in, the plan out."""
