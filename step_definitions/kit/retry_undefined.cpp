// The Compatibility Kit's sample retry-undefined has no steps.
