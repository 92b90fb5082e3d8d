import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useText } from '../i18n'
import { Icon } from './Icon'

/** A dialog over the screen. Esc and a click outside close it. */
export function Sheet({ title, open, onClose, children }: { title: string; open: boolean; onClose: () => void; children: ReactNode }) {
  const { t } = useText()
  return (
    <ModalOverlay className="sheet-overlay" isOpen={open} onOpenChange={(is) => !is && onClose()} isDismissable>
      <Modal className="sheet-frame">
        <Dialog className="sheet">
          <header className="sheet-head">
            <Heading slot="title" level={2}>{title}</Heading>
            <button type="button" className="button is-bare" aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
          </header>
          <div className="sheet-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
