"""Precision and recall of the packs beside Checkov's and Trivy's rules of the same aim, on the labelled set."""
