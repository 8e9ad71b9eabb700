"""Who may call: keys, tokens, certificates, scopes; one function admits a call or says why not."""
