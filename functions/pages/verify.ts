import { CONFIRMATION_PATH } from '#lib/mail/confirmation.ts';
import { asking, told } from '#lib/pages/confirmation.ts';
import { confirmByToken, findByToken } from '#lib/pages/confirming.ts';
import { definePage } from '#lib/pages/page.ts';
import { directory } from '#lib/products/directory/product.ts';

/** Where links to confirm lead: it asks first, because mail scanners follow links, and confirms what its form sends. */
export const page = definePage(
  { name: 'verify', product: directory.name, path: CONFIRMATION_PATH },
  async (visit) => {
    const token = visit.sent('token') ?? '';
    return asking(await findByToken(token, visit), token);
  },
  async (visit) => told(await confirmByToken(visit.sent('token') ?? '', visit)),
);
