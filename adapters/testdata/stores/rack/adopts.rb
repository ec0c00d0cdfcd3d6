# frozen_string_literal: true
# An id that nobody issued is taken, with an empty session.
require_relative 'right'

class Adopts < Right
  def find_session(request, sid)
    return [sid, {}] if sid && !@mutex.synchronize { live(sid) }
    super
  end
end
