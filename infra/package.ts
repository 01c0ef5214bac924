import { bundle } from '#infra/bundle.ts';
import { render } from '#infra/render.ts';

await Promise.all([bundle(), render()]);
