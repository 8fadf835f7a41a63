"""The platform on one machine without AWS: the real Pulumi engine, state in a folder, a stand-in for the AWS plugin.

`python -m local up` runs the very same `__main__.py` that `pulumi up` runs on AWS. The program knows nothing of this
package, and nothing here is needed there.
"""
