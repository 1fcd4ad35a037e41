"""The words: what a register, a policy and a plan are. No pandas, no ortools, no Excel."""
