"""Call-taking protocols: questions, conditions, determinants. Pure; knows no phone, desk or row."""
