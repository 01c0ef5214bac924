import { type Pair, valueIn } from '#lib/auth/encoding.ts';
import { headerOf, type Received } from '#lib/auth/received.ts';

/** How a request names its operation. */
interface Named {
  readonly action: string | undefined;
  readonly version: string | undefined;
}

/** The action and the version that a request names where its scheme signs them (docs/vendors/wire.md 1). */
export function namedIn(request: Received): Named {
  switch (request.scheme) {
    case 'acs3':
      return namedInHeaders(request);
    case 'volcengine':
    case 'volcengineQuery':
      return namedAmong(request.queryPairs ?? []);
    case 'none': {
      // An unsigned request is always refused; its headers only help to choose the dialect.
      const [{ action, version }, headers] = [namedAmong(request.pairs), namedInHeaders(request)];
      return { action: action ?? headers.action, version: version ?? headers.version };
    }
    default:
      return namedAmong(request.pairs);
  }
}

function namedInHeaders(request: Received): Named {
  return { action: headerOf(request, 'x-acs-action'), version: headerOf(request, 'x-acs-version') };
}

function namedAmong(pairs: readonly Pair[]): Named {
  return { action: valueIn(pairs, 'Action'), version: valueIn(pairs, 'Version') };
}
