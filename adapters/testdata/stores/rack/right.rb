# frozen_string_literal: true
# A right store of an unusual make: frozen texts under the hash of the id, with ends by a clock that nobody sets.
class Right < Rack::Session::Pool
  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  def end_of(options) = options[:expire_after] ? now + options[:expire_after] : Float::INFINITY

  # live returns the record of an id that has not ended. A pool that was issued an id, but not written to, holds {} there.
  def live(sid)
    record = @pool[sid.private_id]
    record if record == {} || record && record[1] > now
  end

  def find_session(_request, sid)
    @mutex.synchronize do
      record = sid && live(sid)
      return [sid, record == {} ? {} : Marshal.load(record[0])] if record
      fresh = generate_sid
      @pool[fresh.private_id] = {}
      [fresh, {}]
    end
  end

  def write_session(_request, sid, data, options)
    @mutex.synchronize do
      return false unless live(sid)
      @pool[sid.private_id] = [Marshal.dump(data).freeze, end_of(options)].freeze
      sid
    end
  end

  def delete_session(_request, sid, options)
    @mutex.synchronize do
      @pool.delete(sid.private_id)
      options[:drop] ? nil : generate_sid
    end
  end
end
