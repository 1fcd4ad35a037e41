"""What people changed in the workbooks they were given: compared, checked, weighed."""
