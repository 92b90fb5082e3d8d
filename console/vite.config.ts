import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { fieldShell } from './tools/fieldShell.mjs'

/** `npm run dev` shows the console against a server on its default port; `npm run build` writes what the jar ships. */
export default defineConfig({
  plugins: [react(), fieldShell()],
  build: {
    target: 'es2023',
    license: { fileName: 'third-party-console.md' },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'maplibre', test: /node_modules[\\/](maplibre-gl|@maplibre|pmtiles|@protomaps)/ }],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/map', '/webauthn', '/login', '/oauth2', '/whip', '/whep'].map((path) => [path, { target: process.env.CONURB_SERVER ?? 'http://localhost:8080', ws: path === '/api' }]),
    ),
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
})
