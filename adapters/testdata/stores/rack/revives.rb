# frozen_string_literal: true
# A write makes a session that is gone, as those of Moneta and of Redis do: a page on its way undoes a logout.
require_relative 'right'

class Revives < Right
  def write_session(request, sid, data, options)
    @mutex.synchronize { @pool[sid.private_id] ||= {} }
    super
  end
end
