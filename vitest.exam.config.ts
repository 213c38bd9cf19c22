import { defineConfig } from 'vitest/config';

// The exams: published expectations that live beside the checkout and are skipped, aloud, where they are missing.
export default defineConfig({
  test: { include: ['test/exam/**/*.test.ts'], testTimeout: 300_000 },
});
