# One image for every role. Built in two steps, so that the running image has no development tools.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm ci --omit=dev

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data
RUN mkdir /data && chown node /data
COPY --from=build --chown=node /app .
USER node
VOLUME /data
EXPOSE 3000
CMD ["node", "--max-semi-space-size=64", "scripts/bootstrap.mjs", "start"]
