import { Button, Progress } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCloudUpload } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Schema } from '../api/client'
import { Refusal } from '../api/problem'
import { type Step, upload, type Wish } from '../api/upload'
import { useI18n } from './i18n'

type Sending = {
  key: string
  name: string
  step: Step
  share: number
  ended?: 'ready' | 'refused' | 'stopped'
  why?: string
  stop: () => void
}

type Props = {
  label: string
  hint?: string
  accept?: string
  many?: boolean
  wish?: Wish
  onUploaded: (document: Schema['Document']) => void
}

function useUploads(wish: Wish | undefined, onUploaded: Props['onUploaded']) {
  const { t } = useI18n()
  const [files, setFiles] = useState<Sending[]>([])
  const patch = (key: string, change: Partial<Sending>) =>
    setFiles((all) => all.map((f) => (f.key === key ? { ...f, ...change } : f)))

  const add = async (file: File) => {
    const key = crypto.randomUUID()
    const stop = new AbortController()
    setFiles((all) => [...all, { key, name: file.name, step: 'hashing', share: 0, stop: () => stop.abort() }])
    try {
      const document = await upload(file, (step, share) => patch(key, { step, share }), {
        ...wish,
        signal: stop.signal,
      })
      patch(key, { ended: document.status === 'ready' ? 'ready' : 'refused', why: document.reasonText })
      if (document.status === 'ready') onUploaded(document)
    } catch (e) {
      if (stop.signal.aborted) patch(key, { ended: 'stopped' })
      else patch(key, { ended: 'refused', why: (e instanceof Refusal && e.problem?.message) || t('web.upload.failed') })
    }
  }
  return { files, add }
}

/** Sends files straight to the store and shows how far each is. Works by mouse, by dropping and by keyboard. */
export function UploadField({ label, hint, accept, many = false, wish, onUploaded }: Props) {
  const id = useId()
  const [over, setOver] = useState(false)
  const { files, add } = useUploads(wish, onUploaded)
  const addAll = (list: FileList | null) => {
    for (const file of [...(list ?? [])].slice(0, many ? 20 : 1)) void add(file)
  }
  return (
    <div>
      <label
        className="drop"
        htmlFor={id}
        data-over={over || undefined}
        onDragOver={(e) => {
          e.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault()
          setOver(false)
          addAll(e.dataTransfer.files)
        }}
      >
        <IconCloudUpload size={30} stroke={1.4} color="var(--river-600)" aria-hidden />
        <b>{label}</b>
        {hint && <span className="soft small">{hint}</span>}
        <input
          id={id}
          className="sr-only"
          type="file"
          accept={accept}
          multiple={many}
          onChange={(e) => {
            addAll(e.currentTarget.files)
            e.currentTarget.value = ''
          }}
        />
      </label>
      <ul className="list">
        {files.map((f) => (
          <FileRow key={f.key} file={f} />
        ))}
      </ul>
    </div>
  )
}

function FileRow({ file }: { file: Sending }) {
  const { t, percent } = useI18n()
  const state = file.ended ?? file.step
  return (
    <li>
      <bdi>{file.name}</bdi>
      <span className="end row small soft" role="status">
        {file.ended === 'ready' && <IconCheck size={16} color="var(--leaf-700)" aria-hidden />}
        {file.ended === 'refused' && <IconAlertTriangle size={16} color="var(--rose-700)" aria-hidden />}
        {t(`web.upload.${state}`)}
        {state === 'sending' && <span className="nums">{percent(file.share)}</span>}
        {state === 'sending' && (
          <Button size="compact-xs" variant="default" onClick={file.stop}>
            {t('web.stop')}
          </Button>
        )}
      </span>
      {!file.ended && (
        <Progress.Root size={5} style={{ flexBasis: '100%' }}>
          <Progress.Section value={file.share * 100} aria-label={t('web.upload.progress', { Name: file.name })} />
        </Progress.Root>
      )}
      {file.why && <span className="sub">{file.why}</span>}
    </li>
  )
}
