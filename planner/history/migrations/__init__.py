"""Steps from each version of the history's tables to the next; never changed once released."""
