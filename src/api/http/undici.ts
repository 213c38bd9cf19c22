// What we use of undici, named by its files: the entry file brings fetch, caches, proxies and mocks along, which double its size and the time to load it.

export { default as request } from 'undici/lib/api/api-request.js';
export { default as buildConnector } from 'undici/lib/core/connect.js';
export { default as Client } from 'undici/lib/dispatcher/client.js';
export { default as Pool } from 'undici/lib/dispatcher/pool.js';
