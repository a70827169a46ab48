"""From today's team sessions to a plan of few shared ones: suggested, adjusted, kept, proposed."""
