// Licences and notices of every package that goes into the console, in full: what their authors ask to be kept with copies.
import { readFileSync, readdirSync } from 'node:fs'

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const shipped = Object.entries(packages).filter(([path, one]) => path && !one.dev && !one.optional)

for (const [path] of shipped.sort(([a], [b]) => a.localeCompare(b))) {
  const { name, version, license, homepage } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'))
  if (!license) throw new Error(`${name} ${version} names no licence: choose another, or look it up and say so here`)
  console.log(`${'='.repeat(100)}\n${name} ${version}\n${license}${homepage ? `  ${homepage}` : ''}\n`)
  for (const file of readdirSync(path).filter((each) => /^(licen[cs]e|notice|copying)/i.test(each))) {
    console.log(`${readFileSync(`${path}/${file}`, 'utf8').trim()}\n`)
  }
}
