// The Compatibility Kit's sample empty has no steps.
