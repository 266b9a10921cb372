import { defineConfig } from 'vite';

// The page waits for its rows at the top level of its module.
export default defineConfig({ base: './', build: { target: 'esnext' } });
