"""What several areas use: ARNs, IAM documents, keys, security group rules, closed buckets."""
