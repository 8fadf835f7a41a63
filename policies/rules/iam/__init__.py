"""Rules about IAM: what the roles of workloads may do, and who may assume them."""
