import { request } from './http'

/** Passkeys by Spring Security's WebAuthn doors, whose credential form is that of `PublicKeyCredential.toJSON`, except `credType`. */
export function passkeysWork(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && window.isSecureContext
}

export async function signInWithPasskey(): Promise<void> {
  const options = await request<PublicKeyCredentialRequestOptionsJSON>('POST', '/webauthn/authenticate/options', { body: {} })
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...(options as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytes(options.challenge),
    allowCredentials: descriptors(options.allowCredentials),
  }
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  const answer = credential.response as AuthenticatorAssertionResponse
  await request('POST', '/login/webauthn', {
    body: {
      id: credential.id,
      rawId: text(credential.rawId),
      response: {
        authenticatorData: text(answer.authenticatorData),
        clientDataJSON: text(answer.clientDataJSON),
        signature: text(answer.signature),
        userHandle: answer.userHandle ? text(answer.userHandle) : undefined,
      },
      credType: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      authenticatorAttachment: credential.authenticatorAttachment,
    },
  })
}

export async function registerPasskey(label: string): Promise<void> {
  const options = await request<PublicKeyCredentialCreationOptionsJSON>('POST', '/webauthn/register/options', { body: {} })
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...(options as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
  }
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  const answer = credential.response as AuthenticatorAttestationResponse
  await request('POST', '/webauthn/register', {
    body: {
      publicKey: {
        credential: {
          id: credential.id,
          rawId: text(credential.rawId),
          response: {
            attestationObject: text(answer.attestationObject),
            clientDataJSON: text(answer.clientDataJSON),
            transports: answer.getTransports?.() ?? [],
          },
          type: credential.type,
          clientExtensionResults: credential.getClientExtensionResults(),
          authenticatorAttachment: credential.authenticatorAttachment,
        },
        label,
      },
    },
  })
}

function descriptors(told: PublicKeyCredentialDescriptorJSON[] | undefined): PublicKeyCredentialDescriptor[] {
  return (told ?? []).map((one) => ({ ...one, id: bytes(one.id) }) as PublicKeyCredentialDescriptor)
}

export function bytes(base64url: string): ArrayBuffer {
  const plain = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (character) => character.charCodeAt(0)).buffer
}

export function text(buffer: ArrayBuffer): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)))
  return plain.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
