// What has to happen in the browser itself: keys that must not reach their default, scrolling, the clipboard.
(() => {
  const nearBottom = 80;

  document.addEventListener('keydown', event => {
    const target = event.target;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && target instanceof HTMLTextAreaElement && target.dataset.submitOnEnter !== undefined) {
      event.preventDefault();
      target.form.requestSubmit();
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
