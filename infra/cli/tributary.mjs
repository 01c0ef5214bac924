#!/usr/bin/env node
// The command of the package. Plain JavaScript that loads the rest later, so that a Node.js that is too old for it can say so.
import { refuseOldNode } from '#infra/nodeVersion.mjs';

refuseOldNode();
await import('#infra/cli/main.ts');
