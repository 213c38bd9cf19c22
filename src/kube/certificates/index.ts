export { decodeBase64 } from '../base64.ts';
export { type Certificate, coversHost, parseCertificate } from './certificate.ts';
export { keysMatch, type KeyIdentity, privateKeyIdentity } from './key-identity.ts';
export { parsePem } from './pem.ts';
