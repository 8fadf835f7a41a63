"""What a run's policies said, in the forms that pull requests show: SARIF, JUnit, GitHub's annotations and summary."""
