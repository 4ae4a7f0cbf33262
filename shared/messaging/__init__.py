"""Messaging over RabbitMQ: topology, outbox, inbox, retries, batches."""
