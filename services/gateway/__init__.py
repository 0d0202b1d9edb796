"""The gateway: REST, storyboards, plans, and the job's state as its user sees it."""
