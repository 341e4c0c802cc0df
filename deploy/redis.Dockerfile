# redis:7-bookworm from Debian's own package, for machines that reach no registry of images (tests/e2e/compose).
FROM debian:bookworm-slim
COPY deploy/packages /tmp/packages
RUN /tmp/packages/install redis && rm -rf /tmp/packages /var/lib/apt/lists/* && install -d -o redis -g redis /data
WORKDIR /data
USER redis
CMD ["redis-server"]
