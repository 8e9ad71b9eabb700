"""What is checked: small functions, each registered under the name that ``data/checks.yaml`` says more of."""
