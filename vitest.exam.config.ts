import { defineConfig } from 'vitest/config';
import { fixedSeed, properties } from './test/properties/plugin.ts';

// The exams: published expectations that live beside the checkout and are skipped, aloud, where they are missing.
export default defineConfig({
  plugins: [properties],
  test: {
    include: ['test/exam/**/*.test.ts'],
    globalSetup: ['test/programs/own-temporary-folder.ts'],
    env: process.env['CI'] ? fixedSeed : {},
    testTimeout: 300_000,
  },
});
