"""The version of the product, as pages and the API description name it."""

VERSION = "0.1.0"
