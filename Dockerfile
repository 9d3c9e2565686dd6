FROM node:24-slim AS source
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM source AS web
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build-web.ts

FROM source AS modules
COPY scripts/image-package.ts scripts/
RUN node scripts/image-package.ts > image.json \
  && mv image.json package.json \
  && npm install --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3210 NATTER_DATA_DIR=/data
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY package.json LICENSE ./
COPY bin bin
COPY src src
COPY --from=web /app/web/dist web/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3210
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/natter.cjs"]
CMD ["start"]
