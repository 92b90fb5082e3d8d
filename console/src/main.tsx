import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { presentPreferences } from './commands'
import { startLanguage } from './i18n'
import './tokens/tokens.css'
import './ui/ui.css'
import './app/shell.css'
import './features/features.css'
import './map/map.css'

const { theme, density } = presentPreferences()
Object.assign(document.documentElement.dataset, { theme, density })
await startLanguage()
const root = document.getElementById('root')
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>)
