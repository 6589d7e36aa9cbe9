// What has to happen in the browser itself: keys that must not reach their default, scrolling, the clipboard.
(() => {
  const nearBottom = 80;

  document.addEventListener('keydown', event => {
    const target = event.target;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && target instanceof HTMLTextAreaElement && target.dataset.submitOnEnter !== undefined) {
      event.preventDefault();
      target.form.requestSubmit();
    }
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !target.closest?.('input, textarea, select, [contenteditable], .mud-dialog')) {
      const search = document.querySelector('[data-search]');
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
    if (event.key === 'Escape' && !document.querySelector('.mud-dialog')) {
      document.querySelector('[data-on-escape]')?.click();
    }
  });

  document.addEventListener('click', event => {
    const link = event.target.closest?.('[data-skip-to]');
    if (link) {
      event.preventDefault();
      document.getElementById(link.dataset.skipTo)?.focus();
    }
  });

  // A text box grows with its text, up to the height its style allows.
  document.addEventListener('input', event => {
    if (event.target instanceof HTMLTextAreaElement && event.target.dataset.grows !== undefined) {
      agentsystem.fit(event.target);
    }
  });

  Object.assign(window.agentsystem, {
    fit: box => {
      box.style.height = 'auto';
      box.style.height = `${box.scrollHeight}px`;
    },
    // Follows the end of a growing list, unless the reader has scrolled up to read.
    follow: (list, always) => {
      const gap = list.scrollHeight - list.scrollTop - list.clientHeight;
      if (always || gap < nearBottom + (list.lastElementChild?.clientHeight ?? 0) / 4) {
        list.scrollTop = list.scrollHeight;
      }
    },
    download: async (name, type, text) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([await text.arrayBuffer()], { type }));
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    },
    focus: id => document.getElementById(id)?.focus(),
    // Leads to the field a refusal is about: opens what hides it, marks it until it is changed, and brings it out from under bars that stick.
    point: id => {
      document.querySelectorAll('[data-refused]').forEach(field => delete field.dataset.refused);
      const field = document.getElementById(id);
      if (!field) {
        return;
      }
      for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) {
        fold.open = true;
      }
      field.dataset.refused = '';
      field.addEventListener('input', () => delete field.dataset.refused, { once: true });
      field.focus({ preventScroll: true });
      field.scrollIntoView({ block: 'center' });
    },
    show: id => document.getElementById(id)?.scrollIntoView({ block: 'start' }),
    copy: async text => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        return false;
      }
    },
  });
})();
