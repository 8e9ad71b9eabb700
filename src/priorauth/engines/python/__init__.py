"""The evaluator of one patient: a policy's tree and a case become findings, and findings an outcome."""
