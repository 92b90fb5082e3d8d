const longestEdge = 1_920
const goodEnough = 0.82
const smallBytes = 1_500_000

/** A picture as a phone takes it is larger than anybody at the other end needs: it is made smaller before it goes out. Place and camera written into the file do not go with it. */
export async function smaller(file: File): Promise<{ name: string; type: string; blob: Blob }> {
  const whole = { name: file.name, type: file.type, blob: file }
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return whole
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, longestEdge / Math.max(picture.width, picture.height))
    if (scale === 1 && file.size < smallBytes && file.type !== 'image/jpeg') return whole
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await new Promise<Blob | null>((settle) => canvas.toBlob(settle, 'image/jpeg', goodEnough))
    return blob ? { name: file.name.replace(/\.\w+$/, '') + '.jpg', type: 'image/jpeg', blob } : whole
  } catch {
    return whole
  }
}
