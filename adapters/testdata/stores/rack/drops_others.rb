# frozen_string_literal: true
# A delete removes what was made just before too.
require_relative 'right'

class DropsOthers < Right
  def delete_session(request, sid, options)
    @mutex.synchronize { @pool.delete(@pool.keys.last) }
    super
  end
end
