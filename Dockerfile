# The emulator in a container: docker build -t tributary . && docker run --init -p 127.0.0.1:4600:4600 tributary
# No container engine ran where this was written; README.md says what was tried without.

FROM node:22-alpine AS packed
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
COPY infra/installed.mjs infra/nodeVersion.mjs infra/
RUN node infra/installed.mjs
COPY . .
RUN npm pack --pack-destination /

FROM node:22-alpine
WORKDIR /tributary
COPY --from=packed /tributary-*.tgz /tmp/
# The engine of this processor: npm finds that of x64 by itself.
RUN npm install --no-audit --no-fund --no-save /tmp/tributary-*.tgz "@dynoxide/linux-$(node --print process.arch)@1.2.1" \
  && rm -rf /tmp/* /root/.npm \
  && mkdir /data \
  && chown 1000:1000 /data
# The user node.
USER 1000:1000
ENV TRIBUTARY_DATA=/data PORT=4600
VOLUME /data
EXPOSE 4600
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "node_modules/tributary/dist/tributary.mjs"]
CMD ["start", "--host", "0.0.0.0"]
