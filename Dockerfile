# syntax=docker/dockerfile:1

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing that the worker needs has an install script to run.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
# For `docker run` alone: without REDIS_URL the worker starts a server of its own under /app/data. Compose gives it one.
RUN apt-get update \
 && apt-get install -y --no-install-recommends redis-server \
 && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production TZ=UTC ATTACHE_HTTP_HOST=0.0.0.0 ATTACHE_HTTP_PORT=8080
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json package-lock.json LICENSE ./
COPY scripts scripts
COPY config config
COPY cli cli
COPY workers workers
COPY src src
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "scripts/healthcheck.mjs"]
# Node 24 runs the program itself, as process 1: SIGTERM reaches the worker.
ENTRYPOINT ["node", "cli/attache.mjs"]
CMD ["start"]
