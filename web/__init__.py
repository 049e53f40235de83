"""What both Flask apps share: request guard, headers, live events, languages, refusals."""
