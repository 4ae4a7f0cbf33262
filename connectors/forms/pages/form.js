// Sends <form data-voronka="KEY"> and keeps what was typed until it is accepted.
(() => {
  'use strict'

  const base = document.currentScript.src.replace(/form\.js.*$/, '')
  const OURS = 'form[data-voronka]'
  const DELAYS_S = [1, 2, 4, 8, 15]
  const TEXTS = {
    ru: {
      sending: 'Отправляем…',
      again: 'Нет связи, пробуем ещё раз…',
      busy: 'Сервер занят, пробуем ещё раз…',
      accepted: 'Спасибо! Заявка принята.',
      refused: 'Не принято. Проверьте поля и размер файлов.',
      gone: 'Не принято: эта форма больше не работает. Свяжитесь с нами иначе.',
      failed: 'Не удалось отправить. Текст сохранён, попробуйте позже.',
      unsaved: 'Не удалось отправить. Не закрывайте страницу, попробуйте позже.'
    },
    en: {
      sending: 'Sending…',
      again: 'Connection lost, trying again…',
      busy: 'The server is busy, trying again…',
      accepted: 'Thank you! Your request is accepted.',
      refused: 'Not accepted. Check the fields and the size of files.',
      gone: 'Not accepted: this form is no longer in use. Please contact us another way.',
      failed: 'Not sent. Your text is kept, please try again later.',
      unsaved: 'Not sent. Please keep this page open and try again later.'
    }
  }
  const CONSENT = /consent|agree|accept|policy|privacy|gdpr|terms|personal|soglas|соглас|политик|персонал/i
  const states = new Map()

  const newId = () => crypto.randomUUID ? crypto.randomUUID() : crypto.getRandomValues(new Uint32Array(4)).join('-')

  const stateOf = (form) => {
    if (!states.has(form)) {
      const at = [...document.querySelectorAll(OURS)].indexOf(form)
      const place = `voronka:${location.pathname}:${form.dataset.voronka}:${at}`
      states.set(form, { place, id: newId(), began: Date.now() })
      restore(form, states.get(form))
    }
    return states.get(form)
  }

  const stored = (form, act) => {
    try {
      if (form.dataset.draft !== 'off') return act(form.dataset.draft === 'local' ? localStorage : sessionStorage)
    } catch { /* storing may be forbidden */ }
  }

  const isConsent = (one) => one.type === 'checkbox' && (one.required || CONSENT.test(one.name))

  const typed = (form) => [...form.elements].filter((one) => one.name && !one.closest('[hidden]') && !isConsent(one) &&
    /^(text|tel|email|url|number|date|checkbox|radio|select-one)/.test(one.type))

  const held = (one) => /checkbox|radio/.test(one.type) ? 'checked' : 'value'

  const keep = (form) => {
    const state = stateOf(form)
    const { place, id, began } = state
    const values = typed(form).map((one) => [one.name, one[held(one)]])
    state.kept = stored(form, (storage) => {
      storage.setItem(place, JSON.stringify({ id, began, values }))
      return true
    })
  }

  const restore = (form, state) => {
    const draft = stored(form, (storage) => JSON.parse(storage.getItem(state.place)))
    if (!draft) return
    Object.assign(state, { id: draft.id, began: draft.began })
    typed(form).forEach((one, at) => {
      const [name, value] = draft.values[at] || []
      if (name === one.name) one[held(one)] = value
    })
  }

  const say = (form, what, words = what) => {
    let place = form.querySelector('[data-voronka-status]')
    if (!place) {
      place = form.appendChild(document.createElement('p'))
      place.dataset.voronkaStatus = ''
    }
    const { lang } = form.closest('[lang]') || form
    place.setAttribute('role', /refused|failed/.test(what) ? 'alert' : 'status')
    place.dataset.state = what
    place.textContent = form.dataset[words] || form.dataset[what] || TEXTS[/^en/i.test(lang) ? 'en' : 'ru'][words]
  }

  const contentOf = (form, { id, began }) => {
    const data = new FormData()
    let files = false
    for (const [name, value] of new FormData(form)) {
      if (value.name !== '') data.append(name, value)
      files = files || value.name
    }
    data.set('submission_id', id)
    data.set('form_rendered_at', Math.floor(began / 1000))
    data.set('form_fill_ms', Date.now() - began)
    if (!data.get('page_url')) data.set('page_url', location.href)
    if (document.referrer && !data.get('referrer')) data.set('referrer', document.referrer)
    if (files) return { body: data, headers: {} }
    const fields = {}
    for (const name of data.keys()) fields[name] = data.getAll(name)
    return { body: JSON.stringify(fields), headers: { 'Content-Type': 'application/json' } }
  }

  const post = async (form, { body, headers }) => {
    try {
      return await fetch(base + form.dataset.voronka, {
        method: 'POST', body, headers, credentials: 'omit', signal: AbortSignal.timeout && AbortSignal.timeout(9e4)
      })
    } catch {
      return { status: 0 }
    }
  }

  const deliver = async (form, content) => {
    for (let tried = 0; ; tried++) {
      const answer = await post(form, content)
      if (answer.ok) return { what: 'accepted', answer }
      const { status } = answer
      if (/404|410/.test(status)) return { what: 'refused', words: 'gone' }
      if (/^4/.test(status) && !/408|425|429/.test(status)) return { what: 'refused' }
      if (tried === DELAYS_S.length) return { what: 'failed', words: stateOf(form).kept ? 'failed' : 'unsaved' }
      say(form, 'again', status ? 'busy' : 'again')
      const asked_s = status && Number(answer.headers.get('Retry-After'))
      const wait_s = Math.min(Math.max(asked_s, DELAYS_S[tried]), 60)
      await new Promise((resolve) => setTimeout(resolve, wait_s * (1000 + Math.random() * 200)))
    }
  }

  const send = async (form) => {
    const state = stateOf(form)
    if (state.busy) return
    state.busy = true
    form.setAttribute('aria-busy', 'true')
    keep(form)
    say(form, 'sending')
    const { what, words, answer } = await deliver(form, contentOf(form, state))
    if (what === 'accepted') {
      stored(form, (storage) => storage.removeItem(state.place))
      Object.assign(state, { id: newId(), began: Date.now() })
      form.reset()
    }
    state.busy = false
    state.failed = what === 'failed'
    form.removeAttribute('aria-busy')
    say(form, what, words)
    if (!answer) return
    const { inquiry_id: inquiryId } = await answer.json().catch(() => ({}))
    form.dispatchEvent(new CustomEvent('voronka:accepted', { bubbles: true, detail: { inquiryId } }))
    if (form.dataset.redirect) location.assign(form.dataset.redirect)
  }

  const withForm = (act) => (event) => {
    const form = event.target.closest(OURS)
    if (form) act(form, event)
  }

  document.addEventListener('focusin', withForm(stateOf))
  document.addEventListener('input', withForm(keep))
  document.addEventListener('submit', withForm((form, event) => {
    if (event.defaultPrevented) return
    event.preventDefault()
    send(form)
  }))
  addEventListener('online', () => states.forEach((state, form) => state.failed && send(form)))
  document.querySelectorAll(OURS).forEach(stateOf)
})()
